// finds: environment-mixing
// --- Jenkinsfile
pipeline {
    agent none
    options { timeout(time: 1, unit: 'HOURS') }
    stages {
        stage('Test') {
            agent any
            steps { sh './test.sh' }
        }
        stage('Deploy to production') {
            agent any
            when { branch 'main' }
            steps {
                withCredentials([file(credentialsId: 'kubeconfig', variable: 'KUBECONFIG')]) {
                    sh 'kubectl apply -f k8s/'
                }
            }
        }
    }
}
