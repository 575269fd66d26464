# Squares by a pool of processes, as in the tutorials on multiprocessing.
import multiprocessing
import sys


def square(x):
    return sum(x * x for _ in range(2000))


if __name__ == "__main__":
    with multiprocessing.Pool(int(sys.argv[1])) as pool:
        print(sum(pool.map(square, range(400))))
