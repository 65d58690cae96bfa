"""A share as rows: its state, its evidence, links of each platform, fingerprints of pictures, what was found
in them, and the looks of persons at it.

How evidence is taken and judged is in proofs/.
"""
