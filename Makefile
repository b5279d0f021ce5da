# The three commands of the README. Everything else is `irevla --help`.
SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# rclpy lies outside any environment, and ROS's packages have their own needs.
CONSTRAINTS := $(if $(ROS_DISTRO),constraints-ros.txt,constraints.txt)
VENV_OPTIONS := $(if $(ROS_DISTRO),--system-site-packages)
# What the system has would count as installed, but its commands (pytest, mypy) run on the system's packages.
PIP_OPTIONS := $(if $(ROS_DISTRO),--ignore-installed)
export MUJOCO_GL ?= osmesa
export QT_QPA_PLATFORM ?= offscreen

.PHONY: demo dashboard test setup apt typing clean

demo: setup ## improve a policy on a simulated Panda, end to end (about 17 minutes on 2 cores)
	$(BIN)/irevla demo

dashboard: setup ## the operator's window on a made-up graph
	env -u QT_QPA_PLATFORM $(BIN)/irevla dashboard --demo

test: setup ## every check, as CI runs it
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest

setup: apt $(STAMP) ## system packages and .venv/

apt:
	@bash .ci/system-packages

$(STAMP): pyproject.toml setup.py $(CONSTRAINTS)
	python3 -m venv $(VENV_OPTIONS) $(VENV)
	$(BIN)/pip install --quiet --upgrade -c $(CONSTRAINTS) pip setuptools wheel
	$(BIN)/pip install --quiet $(PIP_OPTIONS) -c $(CONSTRAINTS) torch -e '.[dev]'
	$(MAKE) --no-print-directory typing
	touch $(STAMP)

typing: ## the packages under their import names, which are not the folders' names, for mypy
	mkdir -p $(VENV)/typing/irevla
	ln -sfn $(addprefix $(CURDIR)/,app config policies training) $(VENV)/typing/irevla/
	ln -sfn $(CURDIR)/ros_ws/src/irevla_dds/irevla_dds/rclpy $(VENV)/typing/

clean:
	rm -rf $(VENV) build *.egg-info
