"""An item: its fields and how they are filled in, variants, pictures, captions, hashtags, words to do
without, its states, versions and reviews, and the messages that bring it.

How it goes its way is in editorial/; when it goes out is in releases/.
"""
