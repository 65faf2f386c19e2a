"""What tests do with a room's program."""


def trained(program, params):
    """A network, its data and its final figures."""
    data = program.load(params)
    model = program.build(params, data)
    program.train(params, model, data)
    return model, data, program.score(params, model, data)
