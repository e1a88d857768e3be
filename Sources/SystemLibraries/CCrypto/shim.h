#ifndef MIXPACK_CCrypto_SHIM_H
#define MIXPACK_CCrypto_SHIM_H
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/hmac.h>
#endif
