/* What no program can go below: one pass over a sheet's XML into a dense matrix, and exact trimmed sums (one highest,
   one lowest) over evaluators. Checks nothing. gcc -O3 -march=native -shared -fPIC -o liblimit.so limit.c */
#include <stdint.h>
#include <string.h>

#define HOLE (-32768)

/* cells of rows first .. first+rows-1 and columns left .. left+columns-1, in hundredths */
long scan_sheet(const char *xml, long size, int16_t *out, int first, int rows, int left, int columns) {
  const char *at = xml, *end = xml + size;
  long found = 0;
  while (at < end && (at = memchr(at, '<', end - at))) {
    if (at + 7 >= end || memcmp(at, "<c r=\"", 6)) { at++; continue; }
    at += 6;
    int column = 0, row = 0;
    for (; *at >= 'A' && *at <= 'Z'; at++) column = column * 26 + *at - 'A' + 1;
    for (; *at >= '0' && *at <= '9'; at++) row = row * 10 + *at - '0';
    const char *close = memchr(at, '>', end - at);
    if (!close) break;
    at = close + 1;
    if (close[-1] == '/' || row < first || row >= first + rows || column < left || column >= left + columns) continue;
    if (memcmp(at, "<v>", 3)) continue;
    int value = 0, decimals = -1;
    for (at += 3; *at != '<'; at++) {
      if (*at == '.') decimals = 0;
      else if (decimals < 2) { value = value * 10 + *at - '0'; if (decimals >= 0) decimals++; }
    }
    for (decimals = decimals < 0 ? 0 : decimals; decimals < 2; decimals++) value *= 10;
    out[(long)(row - first) * columns + column - left] = (int16_t)value;
    found++;
  }
  return found;
}

/* marks[evaluator][lane] -> per group and lane: sum without one highest and one lowest (more than 4 marks), and count */
void trimmed_sums(const int16_t *marks, long lanes, const int64_t *bounds, int groups, int32_t *sums, int32_t *counts) {
  enum { WIDTH = 512 };
  for (int g = 0; g < groups; g++)
    for (long start = 0; start < lanes; start += WIDTH) {
      long width = lanes - start < WIDTH ? lanes - start : WIDTH;
      int32_t sum[WIDTH] = {0}, count[WIDTH] = {0};
      int16_t high[WIDTH], low[WIDTH];
      for (long i = 0; i < width; i++) { high[i] = -32767; low[i] = 32767; }
      for (int64_t e = bounds[g]; e < bounds[g + 1]; e++) {
        const int16_t *line = marks + e * lanes + start;
        for (long i = 0; i < width; i++) {
          int16_t value = line[i], there = value != HOLE;
          sum[i] += there ? value : 0;
          count[i] += there;
          int16_t up = there ? value : -32767, down = there ? value : 32767;
          high[i] = high[i] > up ? high[i] : up;
          low[i] = low[i] < down ? low[i] : down;
        }
      }
      for (long i = 0; i < width; i++) {
        int cut = count[i] > 4;
        sums[g * lanes + start + i] = sum[i] - (cut ? high[i] + low[i] : 0);
        counts[g * lanes + start + i] = count[i] - 2 * cut;
      }
    }
}
