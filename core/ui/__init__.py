"""The interface: the shell that Streamlit runs for each visitor, and pieces that pages share."""
