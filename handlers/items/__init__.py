"""What every capability says of an item: its title, owner and state, its facts and checks, the measures of
its file, its history, remarks about it.
"""
