"""Proofs: taking what people send, telling which item and week it is of, looking at it, deciding, appeals,
receipts, and how long pictures are kept.

What a share and its evidence are as rows is in shares/; pictures are opened and compared in bot/vision/.
"""
