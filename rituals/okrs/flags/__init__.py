"""Why a shared key result falls behind, over time. What is done about it is the feature's business."""
