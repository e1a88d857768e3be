#ifndef MIXPACK_CCurl_SHIM_H
#define MIXPACK_CCurl_SHIM_H
#include <curl/curl.h>
#endif
