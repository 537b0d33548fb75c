// Adds two matrices, on a GPU where there is one, and says where. Usage: matrix_add [SIZE]
#include <cstdio>
#include <cstdlib>

#include "matrix.h"

static void add_on_cpu(const Matrix &a, const Matrix &b, Matrix &sum) {
  for (size_t i = 0; i < sum.cells.size(); i++) sum.cells[i] = a.cells[i] + b.cells[i];
}

static void print_corner(const char *name, const Matrix &matrix) {
  printf("%s =\n", name);
  for (int row = 0; row < 4 && row < matrix.size; row++) {
    for (int column = 0; column < 4 && column < matrix.size; column++) {
      printf(" %8.1f", matrix.cells[static_cast<size_t>(row) * matrix.size + column]);
    }
    printf("  ...\n");
  }
}

int main(int argc, char **argv) {
  const int size = argc > 1 ? atoi(argv[1]) : 1024;
  if (size < 1 || size > 16384) {
    fprintf(stderr, "matrix_add: SIZE must be from 1 to 16384\n");
    return 2;
  }
  Matrix a(size), b(size), sum(size);
  for (size_t i = 0; i < a.cells.size(); i++) {
    a.cells[i] = static_cast<float>(i % 1000);
    b.cells[i] = static_cast<float>(1000 - i % 1000);
  }

  const char *excuse = add_on_gpu(a, b, sum);
  if (excuse == nullptr) {
    printf("Added two %d x %d matrices on the GPU.\n", size, size);
  } else {
    add_on_cpu(a, b, sum);
    printf("No GPU here (%s): added two %d x %d matrices on the CPU.\n", excuse, size, size);
  }

  size_t wrong = 0;
  for (float cell : sum.cells) wrong += cell != 1000.0f;
  print_corner("A", a);
  print_corner("B", b);
  print_corner("A + B", sum);
  printf("%zu of %zu cells are wrong.\n", wrong, sum.cells.size());

  FILE *result = fopen("result.txt", "w");
  if (result == nullptr) {
    perror("result.txt");
    return 1;
  }
  fprintf(result, "backend=%s\nsize=%d\nwrong=%zu\n", excuse == nullptr ? "gpu" : "cpu", size, wrong);
  fclose(result);
  return wrong == 0 ? 0 : 1;
}
