"""Making an item: the questions one by one, choices, pictures, captions and tags, the preview; suggestions,
taking over what somebody left, new versions, and the short way of a picture with words.

What reviewers do is in reviewing/; what is said of an item everywhere is in items/.
"""
