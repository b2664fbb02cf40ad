#ifndef CEXECSHIMS_H
#define CEXECSHIMS_H

#include "crash.h"
#include "enter.h"
#include "files.h"
#include "events.h"
#include "mounts.h"
#include "newlines.h"
#include "peers.h"
#include "process.h"
#include "secrets.h"
#include "signals.h"
#include "threads.h"

#endif
