#ifndef MIXPACK_CArchive_SHIM_H
#define MIXPACK_CArchive_SHIM_H
#include <archive.h>
#include <archive_entry.h>
#endif
