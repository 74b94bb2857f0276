variable "task" {
  description = "Task to run, with its network: outputs of module ecs-task."
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
  description = "Name of the ECS cluster, with the capacity providers FARGATE and FARGATE_SPOT."
  type        = string

  validation {
    condition     = can(regex("^[a-zA-Z][a-zA-Z0-9_-]{0,254}$", var.cluster_name))
    error_message = "cluster_name must be the name of an ECS cluster, not its ARN."
  }
}

variable "min_tasks" {
  description = "Minimum and initial number of tasks."
  type        = number
  default     = 2

  validation {
    condition     = var.min_tasks >= 1 && floor(var.min_tasks) == var.min_tasks
    error_message = "min_tasks must be a whole number of 1 or more."
  }
}

variable "max_tasks" {
  description = "Maximum number of tasks. Equal to min_tasks: no scaling."
  type        = number
  default     = 4

  validation {
    condition     = var.max_tasks >= var.min_tasks
    error_message = "max_tasks must not be less than min_tasks."
  }
}

variable "spot_weight" {
  description = "Number of tasks in ten, after the first task, that run on Spot. AWS can stop a Spot task with two minutes' notice."
  type        = number
  default     = 0

  validation {
    condition     = var.spot_weight >= 0 && var.spot_weight <= 10 && floor(var.spot_weight) == var.spot_weight
    error_message = "spot_weight must be a whole number from 0 to 10."
  }
}

variable "load_balancer" {
  description = "Target group, and the container port that it uses; null: no load balancer."
  type = object({
    target_group_arn = string
    port             = number
  })
  default = null
}

variable "deployment_alarms" {
  description = "CloudWatch alarms that roll back a deployment."
  type        = list(string)
  default     = []
}

variable "execute_command" {
  description = "Allow ECS Exec. The task definition must allow it as well."
  type        = bool
  default     = false
}

variable "start_after" {
  description = "Values that are known once the service's dependencies exist. They only delay the service."
  type        = list(string)
  default     = []
}

variable "wait_for_steady_state" {
  description = "Whether an apply waits until the deployment has finished."
  type        = bool
  default     = true
}
