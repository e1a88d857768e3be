print("mixpack")
