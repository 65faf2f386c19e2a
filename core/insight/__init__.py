"""Looking inside a trained model, and what stands beside it for comparison."""
