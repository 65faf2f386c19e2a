"""The live channel: what goes between a browser and the engine beside Streamlit's own traffic."""
