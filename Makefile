# One line each over the `course` command and pytest; everything is installed into .venv.
PYTHON ?= python3
BIN = .venv/bin
# One extreme of how TensorFlow and NumPy may compute. tests/test_lesson_runs.py asks for the same
# outputs at the other: all processors, in kernels forked from a waiting process.
ONE_THREAD = TF_ENABLE_ONEDNN_OPTS=0 OMP_NUM_THREADS=1 TF_NUM_INTRAOP_THREADS=1 TF_NUM_INTEROP_THREADS=1

.PHONY: lab test build site bench

lab: .venv/installed
	@$(BIN)/course lab

# The last line has one worker more than CI has cores: one often waits, as when a hostile submission
# meets its limit.
test: .venv/installed
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/course build --check
	@$(ONE_THREAD) $(BIN)/pytest --nbval solutions -n 2 --dist loadfile --nbval-cell-timeout 120
	@$(BIN)/pytest -n 3 --dist loadgroup

build: .venv/installed
	@$(BIN)/course build

site: .venv/installed
	@$(BIN)/course site

bench: .venv/installed
	@for script in benchmarks/*.py; do $(BIN)/python $$script || exit 1; done

.venv/installed: requirements.lock pyproject.toml helpers/setup_environment.py
	@$(PYTHON) helpers/setup_environment.py
