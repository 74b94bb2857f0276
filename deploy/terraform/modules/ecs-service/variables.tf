variable "task" {
  description = "What runs, and where: the outputs of module ecs-task."
  type = object({
    name                = string
    task_definition_arn = string
    network = object({
      subnet_ids         = list(string)
      security_group_ids = list(string)
    })
  })
}

variable "cluster_name" {
  description = "ECS cluster with the capacity providers FARGATE and FARGATE_SPOT."
  type        = string

  validation {
    condition     = can(regex("^[a-zA-Z][a-zA-Z0-9_-]{0,254}$", var.cluster_name))
    error_message = "cluster_name is an ECS cluster's name, not its ARN."
  }
}

variable "min_tasks" {
  description = "How many tasks run at least, and at first."
  type        = number
  default     = 2

  validation {
    condition     = var.min_tasks >= 1 && floor(var.min_tasks) == var.min_tasks
    error_message = "min_tasks is a whole number of 1 or more."
  }
}

variable "max_tasks" {
  description = "How many tasks run at most; equal to min_tasks: no scaling."
  type        = number
  default     = 4

  validation {
    condition     = var.max_tasks >= var.min_tasks
    error_message = "max_tasks is at least min_tasks."
  }
}

variable "spot_weight" {
  description = "Of ten tasks beyond the first, how many run on Spot, which AWS takes back with two minutes' notice."
  type        = number
  default     = 0

  validation {
    condition     = var.spot_weight >= 0 && var.spot_weight <= 10 && floor(var.spot_weight) == var.spot_weight
    error_message = "spot_weight is a whole number of 0 to 10."
  }
}

variable "load_balancer" {
  description = "Target group that the tasks join by a port; null: none."
  type = object({
    target_group_arn = string
    port             = number
  })
  default = null
}

variable "deployment_alarms" {
  description = "CloudWatch alarms that turn a deployment back when they go off."
  type        = list(string)
  default     = []
}

variable "execute_command" {
  description = "Allow ECS Exec; the task definition has to allow it as well."
  type        = bool
  default     = false
}

variable "start_after" {
  description = "Values that are known once what the service needs is there; nothing else is done with them."
  type        = list(string)
  default     = []
}

variable "wait_for_steady_state" {
  description = "An apply ends when the deployment has."
  type        = bool
  default     = true
}
