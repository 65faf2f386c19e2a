"""The rooms' programs: each file loads its data, builds a network and trains it."""
