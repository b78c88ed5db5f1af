# Python reads this file at its start when the folder is on PYTHONPATH. The build tool (gyp) of old workers
# looks for the abstract classes in `collections`, from where Python 3.10 removed them.
import collections
import collections.abc

for name in collections.abc.__all__:
    if not hasattr(collections, name):
        setattr(collections, name, getattr(collections.abc, name))
