import ExecModel
