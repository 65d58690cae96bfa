"""Screenshots as phones make them: made from a seed, so that every run sees the same ones.

`items` are what agencies release, `stories`, `feeds` and `chats` draw them inside the apps, `strangers`
are pictures that prove nothing, `carriers` are the ways on which a picture reaches us, and `sets` puts
them together for train and test.
"""
