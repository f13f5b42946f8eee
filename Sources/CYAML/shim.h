#ifndef REPORT_OPERATOR_CYAML_SHIM_H
#define REPORT_OPERATOR_CYAML_SHIM_H

#include <yaml.h>

#endif
