"""Sharing and proving: what somebody sends, where it was posted, receipts, the own record, the words once
more, appeals; and the proofs that a person looks at.
"""
