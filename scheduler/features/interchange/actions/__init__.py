"""What is done with exports of the whole clinic: asked for, taken by a worker, finished, expired."""
