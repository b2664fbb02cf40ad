#ifndef CEXECSHIMS_H
#define CEXECSHIMS_H

#include "newlines.h"
#include "process.h"

#endif
