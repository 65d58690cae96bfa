"""The sentences of the program, and how they become words for one channel.

`id/*.yaml` holds every sentence in Indonesian: one file a capability, nested keys, joined with dots
(`joining.welcome`). A second language is one more folder with the same keys. How to write a text:

    *bold*   _italic_   `mono`   ```a block that is copied as it stands```   [label](https://…)
    {name}            a parameter as it is; a list of sentences becomes one line each
    {name:format}     written the Indonesian way; the formats are listed in `formats.py`
    ? Tautan: {link}  a line that begins with "? " is left out when all of its parameters are empty
    \\* \\_ \\` \\[ \\?   the character itself; {{ and }} are braces

A parameter is never read for markup: whatever a person writes stays text.
"""
