#ifndef REPORT_OPERATOR_CXLSXWRITER_SHIM_H
#define REPORT_OPERATOR_CXLSXWRITER_SHIM_H

#include <xlsxwriter.h>
// A workbook is a zip archive: with it what was written is read back.
#include <zlib.h>

#endif
