"""What the pages stand on: rooms, data, programs, training, the engine and the interface."""
