"""Pictures, films and sound that people send and servers offer: looked at, and written anew."""
