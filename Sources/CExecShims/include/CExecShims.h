#ifndef CEXECSHIMS_H
#define CEXECSHIMS_H

#include "enter.h"
#include "files.h"
#include "events.h"
#include "newlines.h"
#include "process.h"

#endif
