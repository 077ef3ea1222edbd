"""Which steps run when: flows only compose tasks."""
