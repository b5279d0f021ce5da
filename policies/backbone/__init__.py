"""The VLM of either size: its weights, tokenizer, LoRA, start and fingerprint."""
