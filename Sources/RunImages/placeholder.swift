// RunImages
