# A product of matrices by numpy, and the sum of its elements.
import sys

import numpy

n = int(sys.argv[1])
a = numpy.arange(n * n, dtype=float).reshape(n, n) % 7
print("sum", numpy.sum(a @ a))
