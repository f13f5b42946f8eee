#ifndef REPORT_OPERATOR_CZLIB_SHIM_H
#define REPORT_OPERATOR_CZLIB_SHIM_H

#include <zlib.h>

// A macro with a sizeof, which Swift does not import. Window bits of 15, and 16 more for gzip's frame.
static inline int czlib_init_gzip(z_stream *stream, int level) {
    return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}

#endif
