// ImageTransports
