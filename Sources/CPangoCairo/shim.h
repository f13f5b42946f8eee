#ifndef REPORT_OPERATOR_CPANGOCAIRO_SHIM_H
#define REPORT_OPERATOR_CPANGOCAIRO_SHIM_H

#include <cairo-pdf.h>
#include <cairo.h>
#include <pango/pangocairo.h>

#endif
