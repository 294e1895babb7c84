"""Writing consultations: all done or nothing, under the locks of their days."""
