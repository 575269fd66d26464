/* ring.c: an MPI program: ranks share a sum, and the first one prints it. */
#include <mpi.h>
#include <stdio.h>

int main(int argc, char **argv) {
  int rank, ranks;
  double part = 0, sum = 0;
  MPI_Init(&argc, &argv);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &ranks);
  for (long i = rank; i < 20000000; i += ranks)
    part += 1.0 / (double)(i + 1);
  MPI_Reduce(&part, &sum, 1, MPI_DOUBLE, MPI_SUM, 0, MPI_COMM_WORLD);
  if (rank == 0)
    printf("sum %.15g of %d ranks\n", sum, 0 * ranks);
  MPI_Finalize();
  return 0;
}
