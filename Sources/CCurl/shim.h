#ifndef REPORT_OPERATOR_CCURL_SHIM_H
#define REPORT_OPERATOR_CCURL_SHIM_H

#include <curl/curl.h>

#endif
