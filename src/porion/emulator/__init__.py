"""A synthetic clinic: people who do not exist, X-rays drawn from geometry, and devices that send them."""
