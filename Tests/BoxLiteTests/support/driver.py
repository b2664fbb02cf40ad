"""What a user of BoxLite's SDK would write; runs inside an environment that has it. Prints one JSON value."""

import asyncio
import hashlib
import json
import os
import sys
import time

import boxlite

SHELL = "sh"


async def open_box(url, key=None):
    credential = boxlite.ApiKeyCredential(key) if key else None
    runtime = boxlite.Boxlite.rest(boxlite.BoxliteRestOptions(url, credential))
    return runtime, await runtime.create(boxlite.BoxOptions(image="boxwatch"))


async def read(stream):
    text = []
    async for piece in stream:
        text.append(piece)
    return "".join(text)


async def read_then_wait(execution):
    out, err = await read(execution.stdout()), await read(execution.stderr())
    return out, err, await execution.wait()


async def wait_then_read(execution):
    stdout, stderr = execution.stdout(), execution.stderr()
    result = await execution.wait()
    return await read(stdout), await read(stderr), result


async def take_after_wait(execution):
    result = await execution.wait()
    return await read(execution.stdout()), await read(execution.stderr()), result


async def all_at_once(execution):
    return tuple(await asyncio.gather(read(execution.stdout()), read(execution.stderr()), execution.wait()))


PATTERNS = {one.__name__: one for one in (read_then_wait, wait_then_read, take_after_wait, all_at_once)}


def seen(out, err, result):
    return {"out": out, "err": err, "code": result.exit_code, "error": getattr(result, "error_message", None)}


async def many(url, count, width, pattern, script, out, err, code=0):
    """Runs a script many times, some at a time; `{}` in it and in what is expected is the run's number."""
    _, box = await open_box(url)
    gate = asyncio.Semaphore(width)

    async def one(number):
        async with gate:
            execution = await box.exec(SHELL, ["-c", script.replace("{}", str(number))])
            return seen(*await PATTERNS[pattern](execution))

    begin = time.monotonic()
    results = await asyncio.gather(*map(one, range(count)))
    wrong = []
    for number, result in enumerate(results):
        wanted = (out.replace("{}", str(number)), err.replace("{}", str(number)), code)
        if (result["out"], result["err"], result["code"]) != wanted:
            wrong.append({name: str(value)[:200] for name, value in result.items()})
    return {"wrong": len(wrong), "first": wrong[:1], "seconds": time.monotonic() - begin}


async def digest(url, script, pattern, count=1):
    """Runs a script with much output, and returns its size, its SHA-256 and its code."""
    _, box = await open_box(url)

    async def one():
        out, err, result = await PATTERNS[pattern](await box.exec(SHELL, ["-c", script]))
        return [len(out), hashlib.sha256(out.encode()).hexdigest(), len(err), result.exit_code]

    return await asyncio.gather(*[one() for _ in range(count)])


async def run(url, command, args=(), pattern="all_at_once", key=None, stdin=None, signal=None, kill=False, **options):
    """Runs one command, and sends the requested input or signal once `ready` was printed."""
    _, box = await open_box(url, key)
    if "env" in options:
        options["env"] = [tuple(pair) for pair in options["env"]]
    execution = await box.exec(command, list(args), **options)
    if stdin is not None:
        handle = execution.stdin()
        for piece in stdin:
            await handle.send_input(piece.encode())
        await handle.close()
    if signal is not None or kill:
        stdout = execution.stdout()
        first = await stdout.__anext__()
        await (execution.kill() if kill else execution.signal(signal))
        rest, err, result = await asyncio.gather(read(stdout), read(execution.stderr()), execution.wait())
        return seen(first + rest, err, result)
    return seen(*await PATTERNS[pattern](execution))


async def fails(url, command="true", args=(), key=None, attach=None, signal=None, **options):
    """What the SDK raises."""
    try:
        _, box = await open_box(url, key)
        if attach is not None:
            await (await box.attach(attach)).wait()
        else:
            execution = await box.exec(command, list(args), **options)
            if signal is not None:
                await execution.signal(signal)
            await execution.wait()
    except Exception as error:  # the type's name is what is tested
        return {"type": type(error).__name__, "text": str(error)}
    return {"type": None, "text": ""}


async def late(url, script, readers=1, **options):
    """Attaches again after the end was seen, and reads all of it."""
    _, box = await open_box(url)
    execution = await box.exec(SHELL, ["-c", script])
    first = seen(*await all_at_once(execution))
    number = execution.id()
    again = await asyncio.gather(*[attached(box, number, **options) for _ in range(readers)])
    return [first, *again]


async def attached(box, number, **options):
    return seen(*await all_at_once(await box.attach(number, **options)))


async def watched(url, script, readers):
    """One client that runs it, and several that only watch."""
    _, box = await open_box(url)
    execution = await box.exec(SHELL, ["-c", script])
    number = execution.id()
    watchers = [attached(box, number, stdin=False) for _ in range(readers)]
    first, *rest = await asyncio.gather(all_at_once(execution), *watchers)
    return [seen(*first), *rest]


async def second(url, script):
    """A second client that asks to write."""
    _, box = await open_box(url)
    execution = await box.exec(SHELL, ["-c", script])
    stdout = execution.stdout()
    first = await stdout.__anext__()
    try:
        other = await box.attach(execution.id())
        result = await other.wait()
        refusal = {"type": None, "code": result.exit_code, "text": getattr(result, "error_message", None)}
    except Exception as error:
        refusal = {"type": type(error).__name__, "text": str(error)}
    await execution.kill()
    await execution.wait()
    return {"first": first, "refusal": refusal}


async def boxes(url):
    """A box's whole life."""
    runtime, box = await open_box(url)
    number = box.id
    names = [info.id for info in await runtime.list_info()]
    known = await runtime.get(number) is not None
    await box.stop()
    await runtime.remove(number)
    return {"listed": number in names, "known": known, "gone": await runtime.get(number) is None}


def main():
    url, scenario = sys.argv[1:]
    parameters = sys.stdin.read()
    value = asyncio.run(globals()[scenario](url, **json.loads(parameters)))
    print(json.dumps(value), flush=True)
    # 0.9.5 aborts now and then when the interpreter tears it down.
    os._exit(0)


main()
