# One line each over the `course` command and pytest; everything is installed into .venv.
PYTHON ?= python3
BIN = .venv/bin
NBVAL = $(BIN)/pytest --nbval solutions -n 2 --dist loadfile --nbval-cell-timeout 120
# The other extreme of how TensorFlow and NumPy may compute: the outputs have to be the same.
ONE_THREAD = TF_ENABLE_ONEDNN_OPTS=0 OMP_NUM_THREADS=1 TF_NUM_INTRAOP_THREADS=1 TF_NUM_INTEROP_THREADS=1

.PHONY: lab test build

lab: .venv/installed
	@$(BIN)/course lab

test: .venv/installed
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/course build --check
	@$(NBVAL)
	@$(ONE_THREAD) $(NBVAL)
	@$(BIN)/pytest -n 2 --dist loadgroup

build: .venv/installed
	@$(BIN)/course build

.venv/installed: requirements.lock pyproject.toml helpers/setup_environment.py
	@$(PYTHON) helpers/setup_environment.py
