"""What many reviewed commits came to, by who wrote them."""
