print("boxwatch")
