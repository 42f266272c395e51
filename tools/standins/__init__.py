"""What the built program holds in the place of Qt modules that it never uses but pyqtgraph asks for by name."""
