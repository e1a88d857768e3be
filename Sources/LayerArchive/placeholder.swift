// LayerArchive
