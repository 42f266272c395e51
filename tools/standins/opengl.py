"""In the place of PySide6.QtOpenGL: our charts are painted without OpenGL, so nobody asks this module for anything."""
